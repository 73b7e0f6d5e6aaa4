// Prints Bicep files as JSON: node parse.mjs FILE… gives {FILE: {errors, params, variables, resources, modules, outputs}}.
// Literals are themselves; {"$call", "args"}, {"$if", "then", "else"}, {"$for", "body"} and {"$expr"} (its text) are what is computed.
import { readFileSync } from 'node:fs';
import { Language, Parser } from 'web-tree-sitter';

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(new URL('node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm', import.meta.url).pathname));

const isComment = node => node.type === 'comment' || node.type === 'diagnostic_comment';
const parts = node => node.namedChildren.filter(child => !isComment(child));
const last = node => parts(node).at(-1);

function text(node) {
  if (node.text.startsWith("'''")) return node.text.slice(3, -3).replace(/^\r?\n/, '');
  return node.text.slice(1, -1).replace(/\\(['\\$])/g, '$1').replace(/\\n/g, '\n').replace(/\\t/g, '\t');
}

function value(node) {
  switch (node.type) {
    case 'string': return node.text.startsWith("'''") || parts(node).every(part => part.type !== 'interpolation') ? text(node) : { $expr: node.text };
    case 'number': return Number(node.text);
    case 'boolean': return node.text === 'true';
    case 'null': return null;
    case 'array': return parts(node).map(value);
    case 'object': return Object.fromEntries(properties(node).map(([key, of]) => [key.type === 'string' ? text(key) : key.text, value(of)]));
    case 'parenthesized_expression': return value(last(node));
    case 'lambda_expression': return { $expr: node.text };
    case 'ternary_expression': return {
      $if: node.childForFieldName('condition').text,
      then: value(node.childForFieldName('consequence')),
      else: value(node.childForFieldName('alternative')),
    };
    case 'for_statement': return { $for: node.text.slice(1, node.text.indexOf(':')), body: value(node.childForFieldName('body')) };
    case 'if_statement': return { $if: parts(node)[0].text, then: value(last(node)), else: null };
    case 'call_expression': return {
      $call: node.childForFieldName('function').text,
      args: parts(node.childForFieldName('arguments')).map(value),
    };
    default: return { $expr: node.text };
  }
}

function properties(object) {
  return parts(object).filter(property => parts(property)[0].type !== 'resource_declaration').map(parts);
}

/** Every node of a type, wherever it stands. */
function all(node, type) {
  return [...(node.type === type ? [node] : []), ...node.children.flatMap(child => all(child, type))];
}

function errors(node) {
  const here = node.isError || node.isMissing ? [`line ${node.startPosition.row + 1}: ${node.text || 'something'} ${node.isMissing ? 'missing' : 'unexpected'}`] : [];
  return [...here, ...node.children.flatMap(errors)];
}

function decorators(declaration) {
  const before = declaration.previousNamedSibling;
  return before?.type === 'decorators' ? parts(before).map(decorator => decorator.text) : [];
}

/** The type of a nested resource is told by those around it. */
function typeOf(resource) {
  const own = text(parts(resource)[1]);
  if (own.includes('@')) return own;
  let outer = resource.parent;
  while (outer.type !== 'resource_declaration') outer = outer.parent;
  const [type, version] = typeOf(outer).split('@');
  return `${type}/${own}@${version}`;
}

function read(source) {
  const root = parser.parse(source).rootNode;
  const named = type => all(root, type).map(node => ({ name: parts(node)[0].text, node }));
  return {
    errors: errors(root),
    params: named('parameter_declaration').map(({ name, node }) => ({
      name, type: parts(node)[1].text, decorators: decorators(node), default: parts(node).length > 2 ? value(last(node)) : undefined })),
    variables: Object.fromEntries(named('variable_declaration').map(({ name, node }) => [name, value(last(node))])),
    resources: named('resource_declaration').map(({ name, node }) => ({ name, type: typeOf(node), body: value(last(node)) })),
    modules: named('module_declaration').map(({ name, node }) => ({ name, path: text(parts(node)[1]), body: value(last(node)) })),
    outputs: named('output_declaration').map(({ name, node }) => ({ name, decorators: decorators(node), value: value(last(node)) })),
  };
}

// The grammar knows no parameter files; theirs are declarations without a type, as variables are.
const sourceOf = file => readFileSync(file, 'utf8').replace(/^using .*$/gm, line => file.endsWith('.bicepparam') ? '' : line)
  .replace(/^param /gm, start => file.endsWith('.bicepparam') ? 'var ' : start);

console.log(JSON.stringify(Object.fromEntries(process.argv.slice(2).map(file => [file, read(sourceOf(file))]))));

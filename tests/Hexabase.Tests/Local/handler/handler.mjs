// A function app for the tests of the local platform: it shows what it was sent and misbehaves on demand.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const parent = process.ppid;
setInterval(() => process.ppid !== parent && process.exit(3), 100).unref();

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
if (process.env.HANDLER_SAYS_ON_START) console.error(process.env.HANDLER_SAYS_ON_START);
if (process.env.HANDLER_EXITS_WITH) process.exit(Number(process.env.HANDLER_EXITS_WITH));

let seen = 0; // bytes of the body that is being streamed in
let release;
const released = new Promise((resolve) => (release = resolve));

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function json(response, value, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** What an envelope function answers is named by Data.msg (encoded twice), or given in full by it. */
const answers = {
  'empty object': (r) => json(r, {}),
  'log lines': (r) => json(r, { Outputs: {}, logs: ['first line', 'second line'] }),
  'no content': (r) => r.writeHead(204).end(),
  'empty 200': (r) => r.writeHead(200, { 'content-type': 'application/json' }).end(),
  'empty chunked 200': (r) => r.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }).end(),
  'no content type': (r) => r.writeHead(200).end('{}'),
  'plain text': (r) => r.writeHead(200, { 'content-type': 'text/plain' }).end('{}'),
  'broken JSON': (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"Outputs":'),
  'an array': (r) => json(r, []),
  'Logs not an array': (r) => json(r, { Logs: 'line' }),
  'half a surrogate pair': (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"\\ud800":1}'),
  'a redirect': (r) => r.writeHead(302, { location: '/' }).end(),
  'a 500': (r) => r.writeHead(500, 'Out of luck').end(),
  'a dropped connection': (r) => r.destroy(),
  'a crash': () => process.exit(1),
  nothing: () => {},
};

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://x');
  if (pathname === '/') return response.end();
  if (pathname === '/api/crash') return process.exit(Number(request.headers['x-exit-code'] ?? 1));
  if (pathname === '/api/deaf') {
    response.setHeader('connection', 'close').end();
    server.close(() => setTimeout(start, 500));
    return setImmediate(() => server.closeAllConnections());
  }
  if (pathname === '/api/stream' && request.method === 'GET') return json(response, { seen });
  if (pathname === '/api/stream') {
    for await (const chunk of request) seen += chunk.length;
    return json(response, { seen });
  }
  if (pathname === '/api/drip' && request.method === 'POST') {
    release();
    return response.end();
  }
  if (pathname === '/api/drip') {
    response.writeHead(200, { 'content-type': 'text/plain' }).write('first\n');
    await released;
    return response.end('last\n');
  }
  const body = await bodyOf(request);
  if (!pathname.startsWith('/api/')) {
    const text = body.toString();
    if (process.env.HANDLER_RECORD)
      appendFileSync(process.env.HANDLER_RECORD, JSON.stringify({ pathname, headers: request.headers, text }) + '\n');
    const message = JSON.parse(text).Data.msg;
    return (answers[message === undefined ? 'empty object' : JSON.parse(message)] ?? answers['empty object'])(response);
  }
  response.setHeader('x-app', 'yes');
  json(
    response,
    {
      method: request.method,
      url: request.url,
      headers: request.headersDistinct,
      length: body.length,
      body: body.length < 1_000 ? body.toString() : undefined,
      pid: process.pid,
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))),
    },
    Number(request.headers['x-status'] ?? 200),
  );
});

const start = () => server.listen(Number(process.env.FUNCTIONS_CUSTOMHANDLER_PORT), '127.0.0.1');
setTimeout(start, Number(process.env.HANDLER_STARTS_AFTER_MS ?? 0));

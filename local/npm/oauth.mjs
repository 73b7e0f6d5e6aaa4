// The sign-in provider of one machine: oauth2-mock-server, with two additions. Whoever `login_hint` names at /authorize is who
// signs in (several people at once), and what a real provider refuses is refused: a code used twice, a missing PKCE verifier,
// a person who denies consent (hint `denied@…`). Nobody is asked for a password; never expose it beyond loopback.
//
//   node oauth.mjs <port>

import { createHash } from 'node:crypto';
import { OAuth2Server } from 'oauth2-mock-server';

const port = Number(process.argv[2]);
const signIns = new Map(); // code → { person, challenged }

const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');

server.service.on('beforeAuthorizeRedirect', ({ url }, request) => {
  const { login_hint: hint, code_challenge: challenge } = request.query;
  const person = personOf(typeof hint === 'string' && hint !== '' ? hint : 'developer');
  const code = url.searchParams.get('code');
  if (code === null) return;
  if (person.email.startsWith('denied@')) {
    url.searchParams.delete('code');
    url.searchParams.set('error', 'access_denied');
    url.searchParams.set('error_description', 'The person did not agree.');
    return;
  }
  signIns.set(code, { person, challenged: challenge !== undefined });
});

server.service.on('beforeTokenSigning', ({ payload }, request) => {
  const signIn = signIns.get(request.body.code);
  if (signIn !== undefined) Object.assign(payload, signIn.person);
});

server.service.on('beforeResponse', (response, request) => {
  if (request.body.grant_type !== 'authorization_code') return;
  const signIn = signIns.get(request.body.code);
  signIns.delete(request.body.code);
  if (signIn === undefined) refuse(response, 'The code is unknown or was used before.');
  else if (signIn.challenged && !request.body.code_verifier) refuse(response, 'code_verifier required');
});

server.service.on('beforeUserinfo', (response, request) => {
  const claims = claimsOf(request.headers.authorization);
  if (claims === undefined) Object.assign(response, { statusCode: 401, body: { error: 'invalid_token' } });
  else response.body = claims;
});

await server.start(port, '127.0.0.1');

/** The claims of the person a hint names: an e-mail address, or a bare name that becomes one at localhost. */
function personOf(hint) {
  const email = (hint.includes('@') ? hint : `${hint}@localhost`).toLowerCase();
  const name = email
    .slice(0, email.indexOf('@'))
    .split(/[._-]+/)
    .filter((word) => word !== '')
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join(' ');
  const sub = createHash('sha256').update(email).digest('hex').slice(0, 24);
  return { sub, email, email_verified: true, name };
}

/** What an access token issued above says about its person; undefined when it is not one. */
function claimsOf(authorization) {
  const payload = /^Bearer [^.]+\.([^.]+)\./i.exec(authorization ?? '')?.[1];
  if (payload === undefined) return undefined;
  try {
    const { sub, email, email_verified, name } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return sub === undefined ? undefined : { sub, email, email_verified, name };
  } catch {
    return undefined; // not a token of this provider
  }
}

function refuse(response, description) {
  response.statusCode = 400;
  response.body = { error: 'invalid_grant', error_description: description };
}

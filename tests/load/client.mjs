// A client of the local platform, for load tests.

/** Calls with a user's token, and signs users in through the local provider. */
export function clientOf(base) {
  async function call(user, method, path, body, headers = {}) {
    const reply = await fetch(new URL(path, base), {
      method,
      headers: {
        ...(user && { authorization: `Bearer ${user.token}` }),
        ...(typeof body === 'object' && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: typeof body === 'object' ? JSON.stringify(body) : body,
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  async function signIn(email) {
    const jar = new Map();
    let at = new URL(`/api/auth/dev/start?redirect=${encodeURIComponent(base)}&login_hint=${encodeURIComponent(email)}`, base);
    for (let hop = 0; hop < 5 && at; hop++) {
      const reply = await fetch(at, { redirect: 'manual', headers: { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; ') } });
      for (const cookie of reply.headers.getSetCookie()) {
        const [name, ...value] = cookie.split(';')[0].split('=');
        jar.set(name, value.join('='));
      }
      const location = reply.headers.get('location');
      at = location && new URL(location, at);
      if (at?.pathname === '/') break;
    }
    const cookie = [...jar].map(([k, v]) => `${k}=${v}`).join('; ');
    const user = { token: (await call(null, 'POST', '/api/auth/refresh', undefined, { cookie })).access_token };
    user.id = (await call(user, 'GET', '/api/me')).user.id;
    return user;
  }

  return { call, signIn };
}

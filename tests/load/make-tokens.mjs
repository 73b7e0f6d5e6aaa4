#!/usr/bin/env node
// Creates users on the local platform for a load test and prints [{class, token, sid, code_hash, dataset_hash}].
//   make-tokens.mjs [--base URL] [--bars N] CLASS=COUNT[:RUNS_LEFT[:CREDITS]] …
// Classes: free, starter, paid (plan pro), elite, priority (starter with speed pack). Without RUNS_LEFT the users have
// more runs than a test can use. --bars uploads synthetic candles of that length; otherwise 5,000 built-in H1 bars.
// A class of one user gets a fork (readable by its owner alone), others publish a strategy of their own.
import { parseArgs } from 'node:util';
import { clientOf } from './client.mjs';

const { values: o, positionals } = parseArgs({
  allowPositionals: true,
  options: { base: { type: 'string', default: 'http://localhost:7071' }, bars: { type: 'string' } },
});
const PLENTY = 1_000_000;
const plans = { free: 'free', starter: 'starter', paid: 'pro', elite: 'elite', priority: 'starter' };
const stamp = Date.now().toString(36);
const { call, signIn } = clientOf(o.base);

function candles(bars) {
  const lines = ['time,open,high,low,close,volume'];
  let state = 12345, price = 110000;
  const chance = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16;
  for (let i = 0; i < bars; i++) {
    const open = price, close = open + (chance() % 41) - 20;
    const high = Math.max(open, close) + (chance() % 10), low = Math.min(open, close) - (chance() % 10);
    const time = new Date(Date.UTC(2000, 0, 1) + i * 60000).toISOString().replace('.000', '');
    lines.push([time, open / 1e5, high / 1e5, low / 1e5, close / 1e5, 1].join(','));
    price = close;
  }
  return lines.join('\n') + '\n';
}

const operator = await signIn('operator@localhost');
const grant = (id, rights) => call(operator, 'POST', `/api/admin/accounts/${id}/grants`, { reason: 'load test', ...rights }, { 'idempotency-key': `${stamp}-${id}-${Object.keys(rights)}` });
await grant(operator.id, { plan: 'pro' });

const template = (await call(null, 'GET', '/api/strategies?limit=100')).items.find((s) => /sma/i.test(s.name));
const code = (await call(null, 'GET', `/api/strategies/${template.sid}`)).code;
let datasetHash = (await call(operator, 'GET', '/api/datasets?limit=100')).items.find((d) => d.pair === 'EURUSD' && d.timeframe === 'H1').dataset_hash;
if (o.bars) datasetHash = (await call(operator, 'POST', '/api/datasets?name=load&pair=EURUSD&timeframe=M1', candles(Number(o.bars)), { 'content-type': 'text/csv' })).dataset_hash;

const users = [];
for (const spec of positionals) {
  const [name, numbers] = spec.split('=');
  const [count, left, credits] = numbers.split(':').map(Number);
  for (let i = 0; i < count; i++) {
    const user = await signIn(`${name}-${i}-${stamp}@load.test`);
    const strategy = count === 1
      ? await call(user, 'POST', '/api/strategies/fork', { sid: template.sid })
      : await call(user, 'POST', '/api/strategies/publish', { code: { ...code, dataset_hash: datasetHash }, visibility: 'public' });
    await grant(user.id, { plan: plans[name], speed_pack: name === 'priority', runs_per_minute: PLENTY, credits: credits ?? 0 });
    const usage = await call(user, 'GET', '/api/usage');
    const wanted = left ?? PLENTY;
    if (usage.compute_left !== undefined && wanted !== usage.compute_left) await grant(user.id, { daily_runs: wanted - usage.compute_left });
    users.push({ class: name, token: user.token, sid: strategy.sid, code_hash: strategy.code_hash, dataset_hash: strategy.dataset_hash ?? datasetHash });
  }
}
console.log(JSON.stringify(users));

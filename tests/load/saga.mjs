#!/usr/bin/env node
// Measures the upgrade of a workspace on a local platform of its own, and prints the tables of docs/benchmarks.md.
//   saga.mjs --platform PROGRAM [--upgrades N] [--crashes N]
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { clientOf } from './client.mjs';

const { values: o } = parseArgs({
  options: {
    platform: { type: 'string' },
    port: { type: 'string', default: '7093' },
    upgrades: { type: 'string', default: '7' },
    crashes: { type: 'string', default: '7' },
  },
});
const APPS = { web: 2, worker: 1 }; // their copies
const base = `http://localhost:${o.port}`;
const { call, signIn } = clientOf(base);
const folder = mkdtempSync(join(tmpdir(), 'hexabase-saga-'));
let platform;

function start() {
  platform = spawn(o.platform, ['--port', o.port, '--data', folder, '--no-seed'], { stdio: 'ignore' });
}

/** SIGKILL of host and app at once. */
async function killBoth() {
  const gone = new Promise((resolve) => platform.once('exit', resolve));
  const app = Number(execFileSync('pgrep', ['-P', String(platform.pid), 'Hexabase']).toString());
  process.kill(app, 'SIGKILL');
  platform.kill('SIGKILL');
  await gone;
}

async function persist(ask) {
  for (;;) {
    try {
      return await ask();
    } catch {
      await sleep(10);
    }
  }
}

/** A user whose apps are ready. */
async function tenant() {
  const user = await persist(() => signIn(`saga-${Date.now().toString(36)}@load.test`));
  const namespace = `ws-${(await call(user, 'GET', '/api/me')).workspace.id.slice(2)}`;
  for (const [name, replicas] of Object.entries(APPS)) {
    await call(null, 'POST', '/admin/simulators/kubernetes/apps', { namespace, name, replicas });
    while (!((await call(null, 'GET', '/admin/simulators/kubernetes/readiness'))[`${namespace}/${name}`])) await sleep(50);
  }
  return user;
}

async function upgrading(card) {
  const user = await tenant();
  const { upgrade_id: id } = await call(
    user, 'POST', '/api/workspace/upgrade', { payment_method: card, terms_accepted: true }, { 'idempotency-key': 'saga' });
  return { user, id };
}

const read = ({ user, id }, wait = 0) => call(user, 'GET', `/api/workspace/upgrade/${id}?wait=${wait}`);
const lines = async ({ user }) => (await call(user, 'GET', '/api/workspace/log?limit=100')).items.reverse();

async function lineOf(saga, event) {
  for (;;) {
    const line = (await persist(() => lines(saga))).find((l) => l.event === event);
    if (line) return Date.parse(line.at);
    await sleep(20);
  }
}

async function finished(saga) {
  let upgrade;
  do upgrade = await persist(() => read(saga, 20)); while (!upgrade.finished_at);
  if (upgrade.status !== 'completed') throw new Error(`The upgrade is ${upgrade.status}: ${JSON.stringify(upgrade.failure)}`);
  return upgrade;
}

const spread = (times) => {
  const sorted = times.toSorted((a, b) => a - b);
  return `${sorted[sorted.length >> 1]} | ${sorted[0]}–${sorted.at(-1)}`;
};

try {
  start();
  const whole = [], steps = new Map();
  for (let i = 0; i < Number(o.upgrades); i++) {
    const upgrade = await finished(await upgrading('pm_card_visa'));
    whole.push(Date.parse(upgrade.finished_at) - Date.parse(upgrade.created_at));
    for (const step of upgrade.steps) {
      const took = Date.parse(step.finished_at) - Date.parse(step.started_at);
      steps.set(step.name, [...(steps.get(step.name) ?? []), took]);
    }
  }
  console.log(`an upgrade, node after 5 s, two apps, default settings (${o.upgrades} times) | p50 ms | range`);
  console.log(`from start to done | ${spread(whole)}`);
  for (const [name, times] of steps) console.log(`  ${name} | ${spread(times)}`);

  // Killed in the five seconds that the card takes: what is next is not a wait, so all the time is the platform's.
  const restart = [], resume = [];
  for (let i = 0; i < Number(o.crashes); i++) {
    const saga = await upgrading('pm_card_slow');
    await lineOf(saga, 'payment_begun');
    await sleep(200 + Math.random() * 2000);
    await killBoth();
    const killed = Date.now();
    start();
    await persist(() => read(saga));
    const answers = Date.now();
    const resumed = await lineOf(saga, 'payment_taken');
    restart.push(answers - killed);
    resume.push(resumed - answers);
    await finished(saga);
  }
  console.log(`SIGKILL of host and app while the card is charged (${o.crashes} times) | p50 ms | range`);
  console.log(`until the platform answers again | ${spread(restart)}`);
  console.log(`from then until the charge is recorded | ${spread(resume)}`);
} finally {
  platform?.kill('SIGTERM');
  await sleep(2000);
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}

// Preloaded (node --require) into what the platform starts. Its stdin is a pipe that only the platform holds the other end of:
// the pipe ends when the platform lets go of it on purpose, or dies in whatever way. Then this process ends as if by SIGTERM.
'use strict';

const patienceMs = 5_000;

function stop() {
  setTimeout(() => process.exit(0), patienceMs).unref();
  if (!process.emit('SIGTERM')) process.exit(0);
}

process.stdin.once('end', stop).once('error', stop).resume();
process.stdin.unref?.();

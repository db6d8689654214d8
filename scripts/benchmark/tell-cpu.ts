import { isMainThread } from 'node:worker_threads';

// Loaded before a program that is measured: tells on stderr how much processor time (ms) all of its threads took.
if (isMainThread)
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    process.stderr.write(`cpu ${Math.round((user + system) / 1000)} ms\n`);
  });

/** Judges scripts for `judge-scripts.ts`, one at a time. */
import { parentPort } from 'node:worker_threads';
import { judgeScript, type RecordedScript } from './judge-script.ts';

// Its modules are loaded: the time of a script begins only now.
parentPort?.postMessage('ready');
parentPort?.on('message', (recorded: RecordedScript) => {
  void judgeScript(recorded).then((verdict) => parentPort?.postMessage(verdict));
});

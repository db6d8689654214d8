// npm start: sets up what is missing, then runs the demo.
import { runProjectNode, setUp } from './setup.mjs';

setUp();
process.exitCode = runProjectNode(['src/main.ts', 'demo', ...process.argv.slice(2)]);

// The program that ssh starts to ask for a password: hands the question to the socket that KINTSUGI_ASKPASS names, and its answer to ssh.
import { connect } from 'node:net';

const socket = connect(process.env['KINTSUGI_ASKPASS'] ?? '');
let answered = false;
socket.on('error', () => undefined);
socket.on('data', (bytes) => {
  answered = true;
  process.stdout.write(bytes);
});
socket.on('close', () => {
  if (answered) process.stdout.write('\n');
  else process.exitCode = 1;
});
socket.end(process.argv[2] ?? '');

import type { Machine } from '../machine.ts';

/** Writes an event of the update server; its texts are one piece, as the service writes them. */
export const writeWsusEvent = (machine: Machine, id: number, message: string, level = 4): void => {
  machine.events.write({
    log: 'Application',
    provider: 'Windows Server Update Services',
    id,
    level,
    message,
    data: [['', message]],
  });
};

/** What a check of the server's health finds; each is an event of the Application log. */
export const checkHealth = (machine: Machine): void => {
  const { wsus, services, web } = machine;
  const say = (id: number, message: string): void => writeWsusEvent(machine, id, message, 2);
  const found = machine.events.records('Application')?.length ?? 0;
  const fault = wsus.contentFault();
  if (fault !== undefined) say(12_072, `The WSUS content directory is not accessible. ${fault}`);
  const isDown = services.find('W3SVC')?.state !== 'Running' || web.poolState('WsusPool') !== 'Started';
  if (isDown)
    for (const [id, name] of [
      [12_002, 'Reporting'],
      [12_012, 'API Remoting'],
      [12_022, 'Client'],
      [12_032, 'Server Synchronization'],
      [12_042, 'SimpleAuth'],
      [12_052, 'DSS Authentication'],
    ] as const)
      say(id, `The ${name} Web Service is not working.`);
  if (isDown) say(13_042, 'Self-update is not working.');
  if (wsus.history.at(-1)?.result === 'Failed')
    say(10_022, 'The last catalog synchronization attempt was unsuccessful.');
  const dayMs = 86_400_000;
  const silent = wsus.database.content.computers.filter(
    ({ lastReportedMs }) => machine.clock.wallMs() - lastReportedMs > 30 * dayMs,
  );
  if (silent.length > 0)
    writeWsusEvent(
      machine,
      13_031,
      'Some client computers have not reported back to the server in the last 30 days.',
      3,
    );
  if (wsus.missingFiles().length > 0) say(10_032, 'The server is failing to download some updates.');
  if ((machine.events.records('Application')?.length ?? 0) === found)
    writeWsusEvent(machine, 10_000, 'WSUS is working correctly.');
};

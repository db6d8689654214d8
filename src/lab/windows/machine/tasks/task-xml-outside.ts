/** What the schema of tasks has and the lab does not simulate, where it would change what a task does. */
const outside: readonly (readonly [construct: string, found: RegExp])[] = [
  ...['EventTrigger', 'IdleTrigger', 'RegistrationTrigger', 'SessionStateChangeTrigger', 'ScheduleByMonth'].map(
    (name) => [name, new RegExp(`<${name}[\\s>]`)] as const,
  ),
  ['ScheduleByMonthDayOfWeek', /<ScheduleByMonthDayOfWeek[\s>]/],
  ['DaysInterval', /<DaysInterval>(?!\s*1\s*<)/],
  ['WeeksInterval', /<WeeksInterval>(?!\s*1\s*<)/],
  ['DaysOfWeek', /<DaysOfWeek[\s>]/],
  ['RandomDelay', /<RandomDelay>/],
  ['RestartOnFailure', /<RestartOnFailure[\s>]/],
  ['RunOnlyIfIdle', /<RunOnlyIfIdle>\s*true/],
  ['RunOnlyIfNetworkAvailable', /<RunOnlyIfNetworkAvailable>\s*true/],
  ['DeleteExpiredTaskAfter', /<DeleteExpiredTaskAfter>/],
  ['ComHandler', /<ComHandler[\s>]/],
];

/** The first construct of a task's XML that the lab does not simulate; `undefined` where it knows all that counts. */
export const outsideOfTaskXml = (xml: string): string | undefined => outside.find(([, found]) => found.test(xml))?.[0];

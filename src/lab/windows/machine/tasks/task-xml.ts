import { type ScheduledTask, type TaskDefinition, type TaskTrigger, usualTaskSettings } from './scheduled-task.ts';

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const unescapeXml = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** A duration as xs:duration (`PT1H30M`, `P3D`). */
export const formatDuration = (ms: number): string => {
  if (ms === 0) return 'PT0S';
  const total = Math.round(ms / 1000);
  const [days, hours, minutes, seconds] = [
    Math.floor(total / 86400),
    Math.floor(total / 3600) % 24,
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds ? `${seconds}S` : ''}`;
  return `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`;
};

/** Milliseconds of an xs:duration; 0 where it is none. */
export const parseDuration = (text: string): number => {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!found) return 0;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = found;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
};

const boundary = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;

const triggerXml = (trigger: TaskTrigger): string => {
  const enabled = trigger.isEnabled ? '' : '\r\n      <Enabled>false</Enabled>';
  const start = trigger.atMs === undefined ? '' : `\r\n      <StartBoundary>${boundary(trigger.atMs)}</StartBoundary>`;
  const repetition =
    trigger.repetitionMs === undefined
      ? ''
      : `\r\n      <Repetition>\r\n        <Interval>${formatDuration(trigger.repetitionMs)}</Interval>${
          trigger.repetitionDurationMs === undefined
            ? ''
            : `\r\n        <Duration>${formatDuration(trigger.repetitionDurationMs)}</Duration>`
        }\r\n      </Repetition>`;
  const end = trigger.endMs === undefined ? '' : `\r\n      <EndBoundary>${boundary(trigger.endMs)}</EndBoundary>`;
  const delay = trigger.delayMs === 0 ? '' : `\r\n      <Delay>${formatDuration(trigger.delayMs)}</Delay>`;
  const name = {
    once: 'TimeTrigger',
    daily: 'CalendarTrigger',
    weekly: 'CalendarTrigger',
    startup: 'BootTrigger',
    logon: 'LogonTrigger',
  }[trigger.kind];
  const schedule =
    trigger.kind === 'daily'
      ? '\r\n      <ScheduleByDay>\r\n        <DaysInterval>1</DaysInterval>\r\n      </ScheduleByDay>'
      : trigger.kind === 'weekly'
        ? '\r\n      <ScheduleByWeek>\r\n        <WeeksInterval>1</WeeksInterval>\r\n      </ScheduleByWeek>'
        : '';
  return `    <${name}>${repetition}${start}${end}${enabled}${delay}${schedule}\r\n    </${name}>`;
};

/** The XML of a task as Windows exports it (task schema 1.2). */
export const writeTaskXml = ({
  definition,
  path,
  name,
  isEnabled,
}: Pick<ScheduledTask, 'definition' | 'path' | 'name' | 'isEnabled'>): string => {
  const { principal, settings } = definition;
  const flag = (value: boolean): string => (value ? 'true' : 'false');
  return [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <RegistrationInfo>',
    ...(definition.author ? [`    <Author>${escapeXml(definition.author)}</Author>`] : []),
    ...(definition.description ? [`    <Description>${escapeXml(definition.description)}</Description>`] : []),
    `    <URI>${escapeXml(`${path}${name}`)}</URI>`,
    '  </RegistrationInfo>',
    '  <Triggers>',
    ...definition.triggers.map(triggerXml),
    '  </Triggers>',
    '  <Principals>',
    '    <Principal id="Author">',
    principal.logonType === 'Group'
      ? `      <GroupId>${escapeXml(principal.userId)}</GroupId>`
      : `      <UserId>${escapeXml(principal.userId)}</UserId>`,
    ...(/^(ServiceAccount|None|Group)$/.test(principal.logonType)
      ? []
      : [
          `      <LogonType>${principal.logonType === 'Interactive' ? 'InteractiveToken' : principal.logonType}</LogonType>`,
        ]),
    `      <RunLevel>${principal.runLevel === 'Highest' ? 'HighestAvailable' : 'LeastPrivilege'}</RunLevel>`,
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    `    <MultipleInstancesPolicy>${settings.multipleInstances}</MultipleInstancesPolicy>`,
    `    <DisallowStartIfOnBatteries>${flag(!settings.allowStartIfOnBatteries)}</DisallowStartIfOnBatteries>`,
    `    <StopIfGoingOnBatteries>${flag(!settings.dontStopIfGoingOnBatteries)}</StopIfGoingOnBatteries>`,
    `    <StartWhenAvailable>${flag(settings.startWhenAvailable)}</StartWhenAvailable>`,
    `    <Enabled>${flag(isEnabled)}</Enabled>`,
    `    <Hidden>${flag(settings.hidden)}</Hidden>`,
    `    <ExecutionTimeLimit>${formatDuration(settings.executionTimeLimitMs)}</ExecutionTimeLimit>`,
    `    <Priority>${settings.priority}</Priority>`,
    '  </Settings>',
    '  <Actions Context="Author">',
    ...definition.actions.map((action) =>
      [
        '    <Exec>',
        `      <Command>${escapeXml(action.execute)}</Command>`,
        ...(action.arguments ? [`      <Arguments>${escapeXml(action.arguments)}</Arguments>`] : []),
        ...(action.workingDirectory
          ? [`      <WorkingDirectory>${escapeXml(action.workingDirectory)}</WorkingDirectory>`]
          : []),
        '    </Exec>',
      ].join('\r\n'),
    ),
    '  </Actions>',
    '</Task>',
  ].join('\r\n');
};

const element = (xml: string, name: string): string | undefined => {
  const found = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
  return found === undefined ? undefined : unescapeXml(found.trim());
};

/** Reads a task's XML; `undefined` when it is none. */
export const readTaskXml = (
  xml: string,
): { readonly definition: TaskDefinition; readonly isEnabled: boolean } | undefined => {
  if (!/<Task\s/.test(xml) || !/<Exec>/.test(xml)) return undefined;
  const settings = element(xml, 'Settings') ?? '';
  const triggers = [...xml.matchAll(/<(TimeTrigger|CalendarTrigger|BootTrigger|LogonTrigger)>([\s\S]*?)<\/\1>/g)].map(
    (match): TaskTrigger => {
      const [, name, body = ''] = match;
      const start = element(body, 'StartBoundary');
      const kind =
        name === 'TimeTrigger'
          ? 'once'
          : name === 'BootTrigger'
            ? 'startup'
            : name === 'LogonTrigger'
              ? 'logon'
              : /ScheduleByWeek/.test(body)
                ? 'weekly'
                : 'daily';
      const end = element(body, 'EndBoundary');
      const interval = element(body, 'Interval');
      const duration = element(body, 'Duration');
      return {
        kind,
        atMs: start === undefined ? undefined : Date.parse(start),
        ...(end === undefined ? {} : { endMs: Date.parse(end) }),
        repetitionMs: interval === undefined ? undefined : parseDuration(interval),
        ...(duration === undefined ? {} : { repetitionDurationMs: parseDuration(duration) }),
        delayMs: parseDuration(element(body, 'Delay') ?? ''),
        isEnabled: element(body, 'Enabled') !== 'false',
      };
    },
  );
  const actions = [...xml.matchAll(/<Exec>([\s\S]*?)<\/Exec>/g)].map(([, body = '']) => ({
    execute: element(body, 'Command') ?? '',
    arguments: element(body, 'Arguments') ?? '',
    workingDirectory: element(body, 'WorkingDirectory') ?? '',
  }));
  const limit = element(settings, 'ExecutionTimeLimit');
  const instances = element(settings, 'MultipleInstancesPolicy');
  const logon = element(xml, 'LogonType');
  const definition: TaskDefinition = {
    description: element(xml, 'Description') ?? '',
    author: element(xml, 'Author') ?? '',
    actions,
    triggers,
    principal: {
      userId: element(xml, 'UserId') ?? element(xml, 'GroupId') ?? 'S-1-5-18',
      logonType:
        element(xml, 'GroupId') !== undefined
          ? 'Group'
          : logon === 'InteractiveToken'
            ? 'Interactive'
            : logon === 'Password' || logon === 'S4U'
              ? logon
              : 'ServiceAccount',
      runLevel: element(xml, 'RunLevel') === 'HighestAvailable' ? 'Highest' : 'Limited',
    },
    settings: {
      ...usualTaskSettings,
      executionTimeLimitMs: limit === undefined ? usualTaskSettings.executionTimeLimitMs : parseDuration(limit),
      multipleInstances:
        instances === 'Parallel' || instances === 'Queue' || instances === 'StopExisting' ? instances : 'IgnoreNew',
      allowStartIfOnBatteries: element(settings, 'DisallowStartIfOnBatteries') === 'false',
      dontStopIfGoingOnBatteries: element(settings, 'StopIfGoingOnBatteries') === 'false',
      priority: Number(element(settings, 'Priority') ?? usualTaskSettings.priority),
      startWhenAvailable: element(settings, 'StartWhenAvailable') === 'true',
      hidden: element(settings, 'Hidden') === 'true',
    },
  };
  return { definition, isEnabled: element(settings, 'Enabled') !== 'false' };
};

import { describe, expect, it } from 'vitest';
import { everywhere, machine, type Rows } from '../../../src/hostrun/machine.ts';
import { scenarios } from './scenarios.ts';
import { tellStory } from './simulate.ts';
import { undeclaredTransitions } from './transitions.ts';

const head = `# The host run as a state machine

Drawn from the table in \`src/hostrun/machine.ts\` by a test (\`vitest run --project unit test/unit/hostrun/machine.test.ts -u\` draws it anew).
A state is named for what is awaited there; an arrow bears the event that came. State is a fold over the journal: whoever takes a
host run up after a crash folds its events, begins an attempt, and is told by the same table what is next.

The story is told from the beginning after every event (\`src/hostrun/go-on.ts\`): the first chapter that still has something to do
decides. Its chapters, in order: a pause that must pass · the connection · a restart that was asked for · a commit after the end ·
taking up again what may be on the host · the way back · the end · a restart that is wanted · preflight · survey · the claim ·
protection and capture · the stages.

Before the first script of the lane \`user\` (a check's, a detect's, or that of a step which the survey found needed) it is asked once who is
signed in; whoever that is stays the user of the run, and is asked for again after a restart. Nobody there: \`blocked\` with the cause
\`no-user-session\` while nothing was changed, else the way back; with \`waitFor: sign-on\` the run parks and asks again, as long as the next
step and the undo of all that is done still fit before the window closes.
`;

function arrows(rows: Rows, from: string): readonly string[] {
  return Object.entries(rows).flatMap(([event, row]) => row.to.map((to) => `    ${from} --> ${to}: ${event}`));
}

function draw(): string {
  const phases = Object.entries(machine).flatMap(([phase, rows]) => arrows(rows, phase));
  const diagram = ['```mermaid', 'stateDiagram-v2', '    [*] --> idle', ...phases, '    ended --> [*]', '```'];
  const general = Object.entries(everywhere).map(([event, row]) => `| \`${event}\` | ${row.to.join(' · ')} |`);
  const table = ['| event | phases that can follow |', '|---|---|', ...general];
  const note = 'In every phase but `ended` these can come too: from outside, or as what befell the command under way.';
  return `${head}\n${diagram.join('\n')}\n\n${note}\n\n${table.join('\n')}\n`;
}

describe('the table of the host run', () => {
  it('is what the document shows', async () => {
    await expect(draw()).toMatchFileSnapshot('../../../docs/host-run.md');
  });

  it('has only arrows that lead to phases with a way on', () => {
    const targets = new Set(Object.values(machine).flatMap((rows) => Object.values(rows).flatMap((row) => row.to)));
    expect(targets.size).toBeGreaterThan(20);
    for (const phase of targets) expect(Object.keys(machine[phase]), phase).not.toEqual([]);
  });

  it.each(scenarios)('allows every transition of: $name', async (scenario) => {
    const { events } = await tellStory({ ...scenario, world: scenario.world() });
    expect(undeclaredTransitions(scenario.plan, events)).toEqual([]);
  });
});

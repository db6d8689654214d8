/** What the recorded exchanges mean, written down by hand from their scripts: events on the client and on the server. */
import type { Plain } from '../../../../../src/remote/protocol/clixml/to-plain.ts';

/** What a client sees between the opening and the closing of its pool, in short form. */
type Seen =
  | readonly ['output', Plain]
  | readonly ['error' | 'stopped' | 'failed', string]
  | readonly ['completed']
  | readonly [string, Plain];

/** What a server is asked for after the opening of its pool, in short form. */
type Asked = readonly [string, ...unknown[]];

const script = (text: string): readonly (readonly unknown[])[] => [[[text, true, []]]];
const lines = Array.from({ length: 200 }, (_, index) => ['output', `line ${index + 1}`] as const);

/** By id of the exchange. A text that ends in `…` stands for its beginning. */
export const expected: Readonly<
  Record<string, { readonly client: readonly Seen[]; readonly server: readonly Asked[] }>
> = {
  'close-running-pipeline': {
    client: [
      ['output', 'started'],
      ['stopped', 'PipelineStopped'],
    ],
    server: [['pipelineCreated', script("'started'; Start-Sleep -Seconds 30")]],
  },
  'command-pipeline': {
    client: [['output', 3], ['output', 2], ['output', 1], ['completed']],
    server: [
      [
        'pipelineCreated',
        [
          [
            ['Write-Output', false, [[null, [3, 1, 2]]]],
            ['Sort-Object', false, [['Descending', true]]],
          ],
        ],
      ],
    ],
  },
  'error-several': {
    client: [
      ['error', 'RuntimeException'],
      ['error', 'InvalidCastFromStringToInteger'],
      ['output', 'after'],
      ['output', 2],
      ['completed'],
    ],
    server: [['pipelineCreated', script("1 / 0; [int]'abc'; 'after'; $Error.Count")]],
  },
  'error-terminating-stop': {
    client: [
      ['output', 'one'],
      ['failed', 'Microsoft.PowerShell.Commands.WriteErrorException'],
    ],
    server: [['pipelineCreated', script("$ErrorActionPreference = 'Stop'; 'one'; Write-Error 'stopped'; 'two'")]],
  },
  'error-terminating': {
    client: [
      ['output', 'before'],
      ['failed', 'fatal failure'],
    ],
    server: [['pipelineCreated', script("'before'; throw 'fatal failure'; 'never'")]],
  },
  'error-unknown-command-script': {
    client: [['error', 'CommandNotFoundException'], ['output', 'after'], ['completed']],
    server: [['pipelineCreated', script("No-SuchCommand; 'after'")]],
  },
  'exit-code': {
    client: [['output', 'before'], ['SetShouldExit', [3]], ['completed']],
    server: [['pipelineCreated', script("'before'; exit 3; 'after'")]],
  },
  'large-output-list': {
    client: [...lines, ['completed']],
    server: [['pipelineCreated', script('1..200 | ForEach-Object { "line $_" }')]],
  },
  'large-script': {
    client: [['output', 60000], ['completed']],
    server: [['pipelineCreated', script(`$s = '${'abcdefghij'.repeat(6000)}'; $s.Length`)]],
  },
  'multiple-statements': {
    client: [['output', 'two'], ['output', 1], ['completed']],
    server: [
      [
        'pipelineCreated',
        [
          [['$a = 1', true, []]],
          [["'two'", true, []]],
          [
            [
              'Get-Variable',
              false,
              [
                [null, 'a'],
                ['ValueOnly', true],
              ],
            ],
          ],
        ],
      ],
    ],
  },
  'nested-objects': {
    client: [['output', { A: { B: { C: [1, [2, 3]] } } }], ['output', [{ n: 1 }, { n: 1 }]], ['completed']],
    server: [
      [
        'pipelineCreated',
        script(
          '[pscustomobject]@{ A = @{ B = [pscustomobject]@{ C = @(1, @(2, 3)) } } }; $o = [pscustomobject]@{ n = 1 }; , @($o, $o)',
        ),
      ],
    ],
  },
  'open-two-runspaces': { client: [], server: [] },
  'pipeline-input': {
    client: [
      ['output', 'b'],
      ['output', 'item one'],
      ['output', 'item 2'],
      ['output', 'item x y'],
      ['output', 'e'],
      ['completed'],
    ],
    server: [
      ['pipelineCreated', script(`begin { 'b' } process { "item $_" } end { 'e' }`)],
      ['input', 'one'],
      ['input', 2],
      ['input', ['x', 'y']],
      ['inputEnded'],
    ],
  },
  'reset-runspace-state': {
    client: [['completed'], ['available', true], ['output', true], ['completed']],
    server: [
      ['pipelineCreated', script('$v = 1')],
      ['resetRequested', 1n],
      ['pipelineCreated', script('$null -eq $v')],
    ],
  },
  'script-hello': {
    client: [['output', 'hello'], ['completed']],
    server: [['pipelineCreated', script("'hello'")]],
  },
  'script-many-types': {
    client: [
      ['output', 's'],
      ['output', 1],
      ['output', 5],
      ['output', 1.5],
      ['output', 1.1],
      ['output', true],
      ['output', null],
      ['output', 'c'],
      ['output', 7],
      ['output', 4294967295],
      ['output', '2024-01-02T03:04:05.000'],
      ['output', 'PT1H2M3S'],
      ['output', '00000000-0000-0000-0000-000000000000'],
      ['output', '10.0.19045'],
      ['output', 'http://example.org/'],
      ['output', [1, 2]],
      ['output', { k: 'v' }],
      ['output', { b: 1, a: 2 }],
      ['output', { A: 1, B: 'x' }],
      ['output', 'Friday'],
      ['output', '<a b="c" />'],
      ['output', ' 1 + 1 '],
      ['output', 'AQID'],
      ['completed'],
    ],
    server: [['pipelineCreated', script("'s'; 1; 5L; 1.5; 1.10d; $true; $null;…")]],
  },
  'script-strings': {
    client: [
      ['output', 'tab\tnl\r\nend'],
      ['output', '更新'],
      ['output', '😀'],
      ['output', '_x0041_'],
      ['output', ''],
      ['completed'],
    ],
    server: [
      ['pipelineCreated', script("\"tab`tnl`r`nend\"; '更新'; [char]::ConvertFromUtf32(0x1F600); '_x0041_'; ''")],
    ],
  },
  'set-max-runspaces': {
    client: [
      ['available', 1],
      ['available', true],
    ],
    server: [
      ['availabilityRequested', 1n],
      ['maxRunspacesRequested', 2n, 3],
    ],
  },
  'stop-pipeline': {
    client: [
      ['output', 'started'],
      ['stopped', 'PipelineStopped'],
    ],
    server: [['pipelineCreated', script("'started'; Start-Sleep -Seconds 30; 'never'")]],
  },
};

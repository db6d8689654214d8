import { describe, expect, it } from 'vitest';
import { StatementReader } from '../../../../src/lab/pwsh/statement-reader.ts';

const read = (...texts: readonly string[]) => {
  const reader = new StatementReader();
  return [...texts.flatMap((text) => reader.push(text)), reader.end()];
};

describe('Statements from standard input', () => {
  it('are complete at the end of a line, however the text is cut', () => {
    expect(read('"on', 'e"\r\n"tw', 'o"\n', '\n\n"three"')).toEqual(['"one"', '"two"', '"three"']);
  });

  it('go on to an empty line where a line is not complete', () => {
    expect(read('foreach ($i in 1..2) {\n"x$i"\n}\n"after"\n\n"end"\n')).toEqual([
      'foreach ($i in 1..2) {\n"x$i"\n}\n"after"',
      '"end"',
      '',
    ]);
    expect(read('$x = @"\nhello\n"@\n\n')).toEqual(['$x = @"\nhello\n"@', '']);
    expect(read('1 |\n  % { $_ }\n\n')).toEqual(['1 |\n  % { $_ }', '']);
  });

  it('that are wrong are given as they are, for PowerShell to say so', () => {
    expect(read(')\n"next"\n')).toEqual([')', '"next"', '']);
  });

  it('that are not complete at the end are dropped', () => {
    expect(read('if (1) {\n"a"\n')).toEqual(['']);
  });
});

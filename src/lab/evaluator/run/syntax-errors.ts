import { Failure } from '../../../kernel/failure.ts';
import { SyntaxFault } from '../../../powershell/source.ts';
import { positionOf } from '../errors/report.ts';
import { runtimeError } from '../raise.ts';

/**
 * Parses, and turns a fault into PowerShell's ParseException.
 * @throws Failure `lab-unsupported` for syntax that PowerShell knows and the parser does not
 */
export const guardSyntax = <T>(parse: () => T): T => {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    if (error.id === 'unsupported-syntax') throw new Failure('lab-unsupported', error.message, { cause: error });
    const raised = runtimeError({
      id: error.id,
      message: `At ${error.message}`,
      category: 'ParserError',
      type: 'System.Management.Automation.ParseException',
    });
    const place = { start: error.offset, end: Math.min(error.offset + 1, error.source.text.length) };
    raised.record.invocation = {
      commandName: '',
      command: null,
      position: positionOf(error.source, place),
      bound: undefined,
    };
    throw raised;
  }
};

import type { Expression } from './expression-tree.ts';
import type { Parser } from './parser.ts';

/** Whether a value can be assigned to an expression. */
export const isAssignable = (node: Expression): boolean => {
  switch (node.kind) {
    case 'variable':
    case 'member':
    case 'index':
      return true;
    case 'cast':
      return isAssignable(node.operand);
    case 'array':
      return node.items.every(isAssignable);
    case 'parenthesis': {
      const [element, second] = node.inner.kind === 'pipeline' ? node.inner.elements : [];
      return !second && element?.kind === 'expressionCommand' && isAssignable(element.expression);
    }
    default:
      return false;
  }
};

/** Fails where `++` or `--` stands at something that cannot be assigned to. */
export const requireTarget = (parser: Parser, node: Expression, at: number): void => {
  if (node.kind === 'array' || !isAssignable(node))
    parser.fail('OperatorRequiresVariableOrProperty', "'++' and '--' work only on variables and properties", at);
};

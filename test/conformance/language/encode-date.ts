import { formatDate } from '../../../src/lab/evaluator/conversion/date-format.ts';
import { dateTime } from '../../../src/lab/evaluator/make.ts';

/** `yyyy-MM-ddTHH:mm:ss.fffffff` of a date's ticks. */
export const dateTimeText = (ticks: bigint): string => formatDate(dateTime(ticks), 'yyyy-MM-ddTHH:mm:ss.fffffff', 0);

import type { Machine } from '../machine.ts';
import type { WebAnswer, WebRequest } from '../web/web-request.ts';

/** What the web services of the update server answer. */
export const answerOfUpdateServer = (_machine: Machine, _request: WebRequest, _path: string): WebAnswer | undefined =>
  undefined;

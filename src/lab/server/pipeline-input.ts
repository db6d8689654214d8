import type { PsValue } from '../../remote/protocol/clixml/values.ts';

/** Objects piped into a pipeline, as they arrive. */
export class PipelineInput implements AsyncIterable<PsValue> {
  readonly #waiting: PsValue[] = [];
  #ended = false;
  #wake: () => void = () => undefined;

  /** Adds an object. */
  push(value: PsValue): void {
    this.#waiting.push(value);
    this.#wake();
  }

  /** No more objects will come. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<PsValue> {
    for (;;) {
      if (this.#waiting.length > 0) yield this.#waiting.shift() ?? null;
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

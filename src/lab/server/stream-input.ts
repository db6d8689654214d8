/** What a client sends to a pipeline or program, as it arrives. */
export class StreamInput<Item> implements AsyncIterable<Item> {
  readonly #waiting: Item[] = [];
  #ended = false;
  #wake: () => void = () => undefined;

  push(item: Item): void {
    this.#waiting.push(item);
    this.#wake();
  }

  /** No more will come. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Item> {
    for (;;) {
      if (this.#waiting.length > 0) yield* this.#waiting.splice(0);
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

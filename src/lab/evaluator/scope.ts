import type { CompiledBody } from './script-block.ts';
import type { Value } from './value.ts';

/** A variable. */
export type Variable = {
  readonly name: string;
  value: Value;
  /** Converts and checks what is assigned (typed variables, validation attributes). */
  constraint?: (value: Value) => Value;
  option: 'None' | 'ReadOnly' | 'Constant';
  isPrivate: boolean;
  description?: string;
};

/** A function or filter defined by a script. */
export type ScriptFunction = {
  readonly kind: 'script-function';
  readonly name: string;
  readonly body: CompiledBody;
  readonly filter: boolean;
  /** Scope of the module that defined it; undefined outside of modules. */
  readonly module: Scope | undefined;
};

/** Variables that each call has of its own, by lower-case name. */
const automaticNames: ReadonlyMap<string, string> = new Map([
  ['args', 'args'],
  ['input', 'input'],
  ['psboundparameters', 'PSBoundParameters'],
  ['myinvocation', 'MyInvocation'],
]);

/** One level of variables, functions and aliases. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly global: Scope;
  /** The scope that `$script:` means from here. */
  readonly script: Scope;
  /** The scope of the module that this one lies in. */
  readonly module: Scope | undefined;
  /** Of a module: names of the functions that Export-ModuleMember named; undefined: all. */
  exported: readonly string[] | undefined;
  readonly #variables = new Map<string, Variable>();
  #automatic: ((name: string) => Value | undefined) | undefined;
  #functions: Map<string, ScriptFunction> | undefined;
  #aliases: Map<string, string> | undefined;
  /** Set-StrictMode's version here; undefined: as in the parent; 0: off. */
  strict: number | undefined;

  /**
   * @param parent the calling scope
   * @param kind `script`: `$script:` stops here; `module`: the same, and functions defined below run below it
   */
  constructor(parent: Scope | undefined, kind: 'plain' | 'script' | 'module' = 'plain') {
    this.parent = parent;
    this.global = parent?.global ?? this;
    this.script = kind !== 'plain' || parent === undefined ? this : parent.script;
    this.module = kind === 'module' ? this : parent?.module;
  }

  /** The variables of this very scope by lower-case name. */
  get variables(): Map<string, Variable> {
    for (const name of automaticNames.keys()) this.#ownAutomatic(name);
    return this.#variables;
  }

  /**
   * Gives the scope the automatic variables of a call, which are made when they are first asked for.
   * @param make the value of one by lower-case name
   */
  setAutomatic(make: (name: string) => Value | undefined): void {
    this.#automatic = make;
  }

  #ownAutomatic(lower: string): Variable | undefined {
    const make = this.#automatic;
    const name = make && automaticNames.get(lower);
    if (make === undefined || name === undefined || this.#variables.has(lower)) return undefined;
    const value = make(lower);
    return value === undefined ? undefined : this.put(name, value);
  }

  /** The variable of this lower-case name in this very scope. */
  own(name: string): Variable | undefined {
    return this.#variables.get(name) ?? (this.#automatic && this.#ownAutomatic(name));
  }

  /** This scope and those around it, inner ones first. */
  *chain(): Generator<Scope> {
    yield this;
    for (let scope = this.parent; scope; scope = scope.parent) yield scope;
  }

  /** The variable of this lower-case name, here or further out. */
  find(name: string): Variable | undefined {
    const own = this.#variables.get(name) ?? (this.#automatic && this.#ownAutomatic(name));
    if (own) return own;
    for (let scope = this.parent; scope; scope = scope.parent) {
      const variable = scope.#variables.get(name) ?? (scope.#automatic && scope.#ownAutomatic(name));
      if (variable && !variable.isPrivate) return variable;
    }
    return undefined;
  }

  /** Sets a variable in this very scope without checks. */
  put(name: string, value: Value): Variable {
    const key = name.toLowerCase();
    const known = this.#variables.get(key);
    if (known) {
      known.value = value;
      return known;
    }
    const made: Variable = { name, value, option: 'None', isPrivate: false };
    this.#variables.set(key, made);
    return made;
  }

  /** Takes a variable of this very scope away. */
  remove(lower: string): void {
    this.#variables.delete(lower);
  }

  /** Puts a variable that was made elsewhere. */
  add(lower: string, variable: Variable): void {
    this.#variables.set(lower, variable);
  }

  get strictVersion(): number {
    if (this.strict !== undefined) return this.strict;
    for (let scope = this.parent; scope; scope = scope.parent) if (scope.strict !== undefined) return scope.strict;
    return 0;
  }

  findFunction(name: string): ScriptFunction | undefined {
    const own = this.#functions?.get(name);
    if (own !== undefined) return own;
    for (let scope = this.parent; scope; scope = scope.parent) {
      const found = scope.#functions?.get(name);
      if (found) return found;
    }
    return undefined;
  }

  putFunction(definition: ScriptFunction): void {
    this.#functions ??= new Map();
    this.#functions.set(definition.name.toLowerCase(), definition);
  }

  removeFunction(name: string): boolean {
    for (const scope of this.chain()) {
      if (scope.#functions?.delete(name)) return true;
    }
    return false;
  }

  /** All visible functions, inner ones first. */
  allFunctions(): ScriptFunction[] {
    const found = new Map<string, ScriptFunction>();
    for (const scope of this.chain()) {
      for (const [name, definition] of scope.#functions ?? []) if (!found.has(name)) found.set(name, definition);
    }
    return [...found.values()];
  }

  findAlias(name: string): string | undefined {
    const own = this.#aliases?.get(name);
    if (own !== undefined) return own;
    for (let scope = this.parent; scope; scope = scope.parent) {
      const found = scope.#aliases?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  putAlias(name: string, target: string): void {
    this.#aliases ??= new Map();
    this.#aliases.set(name.toLowerCase(), target);
  }
}

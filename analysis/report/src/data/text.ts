// SPDX-License-Identifier: Apache-2.0
import type {Tokens} from './run';

export interface Character {
  character: string;
  isPrompt: boolean;
  /** The token that carried it into the network; -1: chosen last and never put in. */
  token: number;
}

/** What tokens stand for, one after another: characters, or words with the blank before them. */
export function symbolsOf(text: string, isWords: boolean): string[] {
  return isWords ? text.match(/ ?[^ .]+|\./g) ?? [] : Array.from(text);
}

/**
 * The symbols of the text with the token of each. Tokens that were given again after the context
 * was full repeat symbols; those keep their first token. `promptLength` is in symbols.
 */
export function charactersOf(symbols: string[], promptLength: number, tokens: Tokens): Character[] {
  const owners: number[] = [];
  for (let token = 0; token < tokens.count; ++token) {
    const isRepeat = tokens.isGiven[token] === 1 && owners.length >= promptLength;
    if (!isRepeat) owners.push(token);
  }
  return symbols.map((character, i) => ({
    character,
    isPrompt: i < promptLength,
    token: i < owners.length ? owners[i] : -1,
  }));
}

/** What a run that was cut short had put into the network. */
export function textOfTokens(
  alphabet: string | string[], tokens: Tokens, promptLength: number): string[] {
  const symbols: string[] = [];
  for (let token = 0; token < tokens.count; ++token) {
    if (tokens.isGiven[token] === 1 && symbols.length >= promptLength && promptLength > 0) continue;
    symbols.push(alphabet[tokens.id[token]] ?? '\u00b7');
  }
  return symbols;
}

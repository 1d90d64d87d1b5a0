// SPDX-License-Identifier: Apache-2.0
import type {Tokens} from './run';

export interface Character {
  character: string;
  isPrompt: boolean;
  /** The token that carried it into the network; -1: chosen last and never put in. */
  token: number;
}

/**
 * The text with the token of each character. Tokens that were given again after the context was
 * full repeat characters; those keep their first token.
 */
export function charactersOf(text: string, promptLength: number, tokens: Tokens): Character[] {
  const owners: number[] = [];
  for (let token = 0; token < tokens.count; ++token) {
    const isRepeat = tokens.isGiven[token] === 1 && owners.length >= promptLength;
    if (!isRepeat) owners.push(token);
  }
  return Array.from(text, (character, i) => ({
    character,
    isPrompt: i < promptLength,
    token: i < owners.length ? owners[i] : -1,
  }));
}

/** What a run that was cut short had put into the network. */
export function textOfTokens(alphabet: string, tokens: Tokens, promptLength: number): string {
  let text = '';
  for (let token = 0; token < tokens.count; ++token) {
    if (tokens.isGiven[token] === 1 && text.length >= promptLength && promptLength > 0) continue;
    text += alphabet[tokens.id[token]] ?? '\u00b7';
  }
  return text;
}

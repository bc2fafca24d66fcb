import type { ContactSource } from '../../agent/core/configuration.ts'

/** One contact to be watched, under the name by which its level is told. */
export type ContactLine = { readonly name: string; readonly debounceMs: number } & ContactSource

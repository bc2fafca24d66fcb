import * as v from 'valibot'
import { faultsOf, invalid } from './fault.ts'

/**
 * The value in the shape of the schema, or nothing.
 * @throws INVALID with the path of the first fault in the order of the text
 */
export const validate = <T>(schema: v.GenericSchema<unknown, T>, value: unknown): T => {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const [first] = faultsOf(result.issues)
  throw invalid(first ?? { path: '', message: 'is not valid' })
}

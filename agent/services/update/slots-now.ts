import { LoaError } from '../../core/error.ts'
import { packageOnly, type SlotsState } from '../../core/update/slots.ts'
import type { UpdateDesk } from '../../ports/update-desk.ts'

/** Why a program takes no release at all, and what to do. */
export const NO_UPDATER =
  'nothing updates this program: it was not installed from its package. Install the package'

/**
 * What the updater says of its slots; without a word of it there is nothing but the package.
 * @throws IO when this program runs from a slot of which nothing can be read: what is committed is then not known
 */
export const slotsNow = (desk: Pick<UpdateDesk, 'slots' | 'running'>, version: string): SlotsState => {
  const slots = desk.slots()
  if (slots !== undefined) return slots
  if (desk.running === 'a' || desk.running === 'b')
    throw new LoaError('IO', `slots.json cannot be read, and ${version} runs from slot ${desk.running}`)
  return packageOnly(version)
}

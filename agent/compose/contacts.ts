import { watchContacts } from '../../drivers/registry.ts'
import type { ContactSource, InputConfig } from '../core/configuration.ts'
import { contactAlert } from '../core/contact/contact-alert.ts'
import type { Contacts } from '../ports/contacts.ts'
import { ContactReports } from '../services/contact-reports.ts'
import { ContactWatch, keyName } from '../services/contact-watch.ts'
import { EmergencyContacts } from '../services/emergency-contacts.ts'
import type { Holdings } from './holdings.ts'

const keySource = (input: InputConfig): ContactSource | undefined => {
  if (input.keySwitch === undefined) return undefined
  return input.driver === 'gpiochip'
    ? { driver: 'gpiochip', ...input.keySwitch }
    : { driver: 'virtual', ...input.keySwitch }
}

/** The contacts of the board: what they say, and what those of an emergency start. */
export function createContacts(holdings: Holdings, onEmergency: () => void) {
  const { board, config, clock, state, condition } = holdings
  const inputs = board.inputs.filter(({ role }) => role === 'emergency').map(({ id }) => id)
  const alertOf = (id: string) =>
    contactAlert(
      id,
      config.contacts.find(({ input }) => input === id),
    )
  const contacts = new ContactReports(condition, state.facts)
  const emergency = new EmergencyContacts({
    clock,
    facts: state.facts,
    condition,
    area: `${config.device.province}/${config.device.commune}`,
    inputs,
    alertOf,
    onChange: onEmergency,
  })
  const contactWatch = new ContactWatch({
    clock,
    inputs: board.inputs,
    onReading: (reading) => {
      emergency.reading(reading)
      contacts.reading(reading)
    },
  })
  /** What must be here before a contact is closed. */
  const prepared = inputs.map((id) => ({ alert: alertOf(id) }))
  return { contacts, emergency, contactWatch, prepared }
}

type BoardContacts = ReturnType<typeof createContacts>

/** The lines of the contacts of the board, key switches too. The agent holds them; playout holds those of the relays. */
export const openContacts = ({
  board,
  contactWatch,
}: Pick<Holdings, 'board'> & BoardContacts): Promise<Contacts> =>
  watchContacts(
    board.inputs.flatMap((input) => {
      const { debounceMs } = input
      const key = keySource(input)
      const own = { ...input, name: input.id }
      return key === undefined ? [own] : [own, { name: keyName(input.id), debounceMs, ...key }]
    }),
    contactWatch.handlers,
  )

import type { ContactHandlers, Contacts } from '../../agent/ports/contacts.ts'
import type { ContactLine } from './contact-line.ts'
import type { GpiochipContactLine } from './gpiochip/contacts.ts'
import type { VirtualContactLine } from './virtual-contacts.ts'

// Apart from the function that disposes: the compiler leaves the paths of imports alone beside `await using`.
const onChips = async (
  lines: readonly GpiochipContactLine[],
  handlers: ContactHandlers,
): Promise<Contacts> => {
  const { openGpioKernel } = await import('./gpiochip/kernel.ts')
  const { GpiochipContacts } = await import('./gpiochip/contacts.ts')
  return new GpiochipContacts(lines, openGpioKernel(), handlers)
}

const inFiles = async (
  lines: readonly VirtualContactLine[],
  handlers: ContactHandlers,
): Promise<Contacts> => {
  const { VirtualContacts } = await import('./virtual-contacts.ts')
  return new VirtualContacts(lines, handlers)
}

/** Watches each contact with its driver; only the drivers in use are loaded. @throws UNSUPPORTED when this machine lacks one */
export const watchContacts = async (
  lines: readonly ContactLine[],
  handlers: ContactHandlers,
): Promise<Contacts> => {
  await using stack = new AsyncDisposableStack()
  const wired = lines.filter((line) => line.driver === 'gpiochip')
  const made = lines.filter((line) => line.driver === 'virtual')
  if (wired.length > 0) stack.use(await onChips(wired, handlers))
  if (made.length > 0) stack.use(await inFiles(made, handlers))
  return stack.move()
}

import type { ContactHandlers, Contacts } from '../../agent/ports/contacts.ts'
import type { ContactLine } from './contact-line.ts'

/** Watches each contact with its driver; only the drivers in use are loaded. @throws UNSUPPORTED when this machine lacks one */
export const watchContacts = async (
  lines: readonly ContactLine[],
  handlers: ContactHandlers,
): Promise<Contacts> => {
  await using stack = new AsyncDisposableStack()
  const onChips = lines.filter((line) => line.driver === 'gpiochip')
  const inFiles = lines.filter((line) => line.driver === 'virtual')
  if (onChips.length > 0) {
    const { openGpioKernel } = await import('./gpiochip/kernel.ts')
    const { GpiochipContacts } = await import('./gpiochip/contacts.ts')
    stack.use(new GpiochipContacts(onChips, openGpioKernel(), handlers))
  }
  if (inFiles.length > 0) {
    const { VirtualContacts } = await import('./virtual-contacts.ts')
    stack.use(new VirtualContacts(inFiles, handlers))
  }
  return stack.move()
}

import type { RelayConfig } from '../../agent/core/configuration.ts'
import type { Amplifier } from '../../agent/ports/amplifier.ts'

/**
 * Takes the lines of one amplifier; its relay is open when this resolves. Only the driver in use is loaded.
 * @throws AMPLIFIER when a line cannot be had. @throws UNSUPPORTED when this machine or build lacks the driver
 */
export const openAmplifier = async (config: RelayConfig): Promise<Amplifier> => {
  switch (config.driver) {
    case 'gpiochip': {
      const { openGpioKernel } = await import('./gpiochip/kernel.ts')
      const { GpiochipAmplifier } = await import('./gpiochip/amplifier.ts')
      return new GpiochipAmplifier(config, openGpioKernel())
    }
    case 'rpio': {
      const { hasGpiomem, loadRpio, readBoardModel } = await import('./rpio/load.ts')
      const { requireRpioBoard, RpioAmplifier } = await import('./rpio/amplifier.ts')
      requireRpioBoard(readBoardModel())
      return new RpioAmplifier(config, await loadRpio(), hasGpiomem())
    }
    case 'virtual': {
      const { VirtualAmplifier } = await import('./virtual-amplifier.ts')
      return new VirtualAmplifier(config)
    }
    case 'none': {
      const { NoneAmplifier } = await import('./none-amplifier.ts')
      return new NoneAmplifier(config.id)
    }
  }
}

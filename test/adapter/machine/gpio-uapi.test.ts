import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  ATTRIBUTE,
  decodeEdges,
  encodeLineRequest,
  encodeValues,
  FLAG,
  IOCTL,
  SIZE,
} from '../../../drivers/gpio/gpiochip/uapi.ts'

const PROGRAM = `
#include <linux/gpio.h>
#include <stdio.h>
#include <string.h>
static void print(const char *name, const void *bytes, int size) {
  printf("\\"%s\\":\\"", name);
  for (int i = 0; i < size; i++) printf("%02x", ((const unsigned char *)bytes)[i]);
  printf("\\",");
}
int main(void) {
  struct gpio_v2_line_request request;
  memset(&request, 0, sizeof request);
  request.offsets[0] = 17;
  strcpy(request.consumer, "loa-agent");
  request.config.flags = GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_ACTIVE_LOW;
  request.config.num_attrs = 1;
  request.config.attrs[0].attr.id = GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES;
  request.config.attrs[0].attr.values = 0;
  request.config.attrs[0].mask = 1;
  request.num_lines = 1;
  struct gpio_v2_line_values values = { .bits = 1, .mask = 1 };
  struct gpio_v2_line_request edges;
  memset(&edges, 0, sizeof edges);
  edges.offsets[0] = 22;
  strcpy(edges.consumer, "loa-agent");
  edges.config.flags = GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING | GPIO_V2_LINE_FLAG_BIAS_PULL_UP;
  edges.config.num_attrs = 1;
  edges.config.attrs[0].attr.id = GPIO_V2_LINE_ATTR_ID_DEBOUNCE;
  edges.config.attrs[0].attr.debounce_period_us = 2000;
  edges.config.attrs[0].mask = 1;
  edges.num_lines = 1;
  struct gpio_v2_line_event events[2];
  memset(events, 0, sizeof events);
  events[0].id = GPIO_V2_LINE_EVENT_RISING_EDGE;
  events[1].id = GPIO_V2_LINE_EVENT_FALLING_EDGE;
  events[1].offset = 22;
  printf("{");
  print("edges", &edges, sizeof edges);
  print("events", events, sizeof events);
  printf("\\"event\\":%zu,\\"bias\\":[%d,%d,%d],", sizeof(struct gpio_v2_line_event), (int)GPIO_V2_LINE_FLAG_BIAS_PULL_UP, (int)GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN, (int)GPIO_V2_LINE_FLAG_BIAS_DISABLED);
  print("request", &request, sizeof request);
  print("values", &values, sizeof values);
  printf("\\"chipInfo\\":[%lu,%zu],", GPIO_GET_CHIPINFO_IOCTL, sizeof(struct gpiochip_info));
  printf("\\"lineInfo\\":[%lu,%zu],", GPIO_V2_GET_LINEINFO_IOCTL, sizeof(struct gpio_v2_line_info));
  printf("\\"getLine\\":%lu,\\"getValues\\":%lu,\\"setValues\\":%lu,", GPIO_V2_GET_LINE_IOCTL, GPIO_V2_LINE_GET_VALUES_IOCTL, GPIO_V2_LINE_SET_VALUES_IOCTL);
  printf("\\"input\\":%d,\\"attribute\\":%d}", (int)GPIO_V2_LINE_FLAG_INPUT, (int)GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES);
  return 0;
}
`

it('the bytes and numbers sent to a GPIO chip are those of this kernel’s own header', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-uapi-'))
  const program = join(folder, 'uapi')
  writeFileSync(`${program}.c`, PROGRAM)
  execFileSync('gcc', ['-o', program, `${program}.c`])
  const kernel: unknown = JSON.parse(execFileSync(program, { encoding: 'utf8' }))
  const { events } = kernel as { events: string }
  expect(decodeEdges(Buffer.from(events, 'hex'))).toEqual([true, false])
  expect(kernel).toEqual({
    request: encodeLineRequest({ line: 17, activeLow: true, direction: 'outputOff' }, 'loa-agent').toString(
      'hex',
    ),
    values: encodeValues(true).toString('hex'),
    chipInfo: [IOCTL.chipInfo, SIZE.chipInfo],
    lineInfo: [IOCTL.lineInfo, SIZE.lineInfo],
    getLine: IOCTL.getLine,
    getValues: IOCTL.getValues,
    setValues: IOCTL.setValues,
    input: Number(FLAG.input),
    attribute: ATTRIBUTE.outputValues,
    edges: encodeLineRequest(
      { line: 22, activeLow: false, bias: 'pull-up', direction: 'edges', debounceUs: 2000 },
      'loa-agent',
    ).toString('hex'),
    event: SIZE.lineEvent,
    events: expect.any(String),
    bias: [FLAG.pullUp, FLAG.pullDown, FLAG.noBias].map(Number),
  })
})

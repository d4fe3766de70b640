import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

/** What an SDK of OpenTelemetry was told. */
export type Spans = { told(): ReadableSpan[]; forget(): void }

/** Loads an SDK that keeps what it is told. It stays for the whole process: only for a test file that has one to itself. */
export function listenForSpans(): Spans {
  const exporter = new InMemorySpanExporter()
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }))
  return { told: () => exporter.getFinishedSpans(), forget: () => exporter.reset() }
}

/** All that a span says, for whoever looks for what it must not. */
export function wordsOf({ name, attributes, events, links, status }: ReadableSpan): string {
  return JSON.stringify({ name, attributes, events, links, status })
}

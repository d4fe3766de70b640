// Tells traces to an OpenTelemetry collector. Beside Lango, once:
//   npm install @opentelemetry/sdk-trace @opentelemetry/context-async-hooks @opentelemetry/core @opentelemetry/resources \
//     @opentelemetry/exporter-trace-otlp-http
// OTEL_EXPORTER_OTLP_ENDPOINT says where the collector is (http://localhost:4318 without it), OTEL_SERVICE_NAME what this node is called.
import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'

const named = resourceFromAttributes({ 'service.name': 'lango' })
const provider = new TracerProvider({
  resource: named.merge(detectResources({ detectors: [envDetector] })),
  // One request in ten; whoever sends a traceparent decides for its own.
  sampler: new ParentBasedSampler({
    root: new TraceIdRatioBasedSampler(Number(process.env.OTEL_TRACES_SAMPLER_ARG ?? 0.1)),
  }),
  spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
})
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
propagation.setGlobalPropagator(new W3CTraceContextPropagator())
trace.setGlobalTracerProvider(provider)

// What was not told yet is told once there is nothing more to do.
process.once('beforeExit', () => void provider.shutdown())

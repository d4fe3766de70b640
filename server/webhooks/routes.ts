import { createRoutes } from '../api.ts'

export function webhookRoutes() {
  return createRoutes()
}

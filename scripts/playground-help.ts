import { existsSync, readFileSync } from 'node:fs';
import { DEV_ISSUER, type GatewayConfig } from '@commonweal/gateway/config.ts';
import type { PlaygroundHelp } from '@commonweal/gateway/http/playground.types.ts';
import { describePersonas } from '@commonweal/playground/personas.ts';
import { PERSONAS } from '@commonweal/schema';
import type { DataFolder } from './config.ts';
import { signDevToken } from './dev-issuer.ts';

/** Personas with tokens of the development issuer, and values for the examples, for the playground. Undefined unless this is a local system that trusts that issuer. */
export function playgroundHelp(
  config: Pick<GatewayConfig, 'environment' | 'oidc' | 'playground'>,
  data: DataFolder,
): PlaygroundHelp | undefined {
  const isLocal = config.environment === 'development' && config.oidc.issuer === DEV_ISSUER && existsSync(data.issuerKey);
  if (!isLocal || !config.playground) return undefined;
  return {
    personas: async () => {
      const { beneficiary } = readDemo(data);
      const known = Object.keys(PERSONAS).filter((name) => PERSONAS[name]?.person === undefined || beneficiary !== undefined);
      return describePersonas(known, async ({ person, ...persona }) =>
        persona.consumer === 'anonymous' ? null : signDevToken(data, { ...persona, person: person && beneficiary }),
      );
    },
    examples: async () => readDemo(data),
  };
}

/** What the seeding noted of the demo country; nothing where no country was made. What a provider can verify is of somebody who has a fee waived, if there is one. */
function readDemo(data: DataFolder): Record<string, string> {
  if (!existsSync(data.demo)) return {};
  const { clinic, ...demo } = JSON.parse(readFileSync(data.demo, 'utf8')) as Record<string, unknown>;
  const { uin, birthDate, surname, program } = (clinic ?? demo) as Record<string, unknown>;
  const values = { ...demo, nationalId: uin ?? demo.nationalId, birthDate, surname, program };
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

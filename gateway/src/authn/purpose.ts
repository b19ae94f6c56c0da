import { ApiError, purposeAndParents } from '@commonweal/schema';

/**
 * The one purpose of a request: what it states, if the token carries that purpose or one above it; what the token carries, if that is exactly one.
 * `stated` is the header's value, or null without the header. Throws `ApiError`.
 */
export function choosePurpose(carried: readonly string[], stated: string | null): string {
  if (stated === null) {
    const [only, ...more] = carried;
    if (more.length > 0)
      throw new ApiError('PURPOSE_REQUIRED', `State one purpose in the header x-purpose; this token carries ${carried.join(', ')}.`, {
        purposes: carried,
      });
    if (only !== undefined && purposeAndParents(only).length > 0) return only;
  } else if (purposeAndParents(stated).some((purpose) => carried.includes(purpose))) {
    return stated;
  }
  // The same text for a purpose that does not exist and for one that others may state.
  throw new ApiError('PURPOSE_NOT_ALLOWED', 'This token does not carry the purpose of this request.');
}

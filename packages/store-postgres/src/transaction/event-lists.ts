/** What an event of a group of rows with an `id` gathers of them, under names that `gatheredEvent` reads. */
export function gatherEvent(version: string, attempt: string): string {
  return `array_agg(id order by id) as ids, array_agg(${version} order by id) as versions, array_agg(${attempt} order by id) as attempts`;
}

const areSame = (list: string): string => `${list}[1] = all(${list})`;

/** The columns n, version, attempt, ids, versions and attempts of an event out of what was gathered: lists only where they differ. */
export const gatheredEvent: string = `cardinality(ids),
    case when ${areSame("versions")} then versions[1] end, case when ${areSame("attempts")} then attempts[1] end, ids,
    case when not ${areSame("versions")} then versions end, case when not ${areSame("attempts")} then attempts end`;

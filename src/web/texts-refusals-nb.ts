// Texts of refusals, Norwegian (bokmål): what the page says when something was not done, by code of the engine.
// In: values where a sentence needs them. Out: text.
// Pure.

import type { Words } from './language.ts';
import type * as english from './texts-refusals-en.ts';

const JOURNAL_AWAY = 'Journalen er ikke tilgjengelig akkurat nå. Ingenting ble lagret: prøv igjen om litt.';
const WRONG_EVENT = 'Meldingen kunne ikke leses. Last siden på nytt og meld igjen.';
const WRONG_QUESTION = 'Spørsmålet var galt stilt. Last siden på nytt.';
const UNSAFE =
  'Forespørselen ble avvist av sikkerhetsgrunner. Last siden på nytt; hjelper det ikke, spør den som drifter.';

export const REJECTION_TEXT: Words<typeof english.REJECTION_TEXT> = {
  OEE_ACCESS_NOBODY: 'Ingen er logget inn. Logg inn og prøv igjen.',
  OEE_ACCESS_ROLE: 'Rollen din har ikke lov til dette. Spør noen med en høyere rolle.',
  OEE_ACCESS_BY: 'Navnet er et annet enn den som er logget inn. Logg inn som den det gjelder.',
  OEE_ACCESS_TOO_MANY: 'For mange forespørsler fra denne adressen. Vent et minutt.',
  OEE_ACCESS_HOST: UNSAFE,
  OEE_ACCESS_MARK: UNSAFE,
  OEE_ACCESS_ORIGIN: UNSAFE,
  OEE_EVENT_COUNTS_DISAGREE: 'Antallene stemmer ikke med hverandre. Kontroller dem.',
  OEE_EVENT_EMPTY: 'Ingen antall er oppgitt. Oppgi minst ett.',
  OEE_EVENT_FIELD: 'Noe mangler eller har feil form. Kontroller det du skrev inn.',
  OEE_EVENT_ID_REUSED: 'Dette er allerede meldt med et annet innhold. Meld det på nytt.',
  OEE_EVENT_NOT_AN_OBJECT: WRONG_EVENT,
  OEE_EVENT_REQUALIFY_SUM: 'Ta fra det ene like mange enheter som du legger til det andre.',
  OEE_EVENT_SPAN: 'Tidsrommet slutter før det begynner. Velg et annet.',
  OEE_EVENT_TIME_WITHOUT_OFFSET: WRONG_EVENT,
  OEE_EVENT_TYPE: WRONG_EVENT,
  OEE_EVENT_UNKNOWN_MACHINE: 'Maskinen finnes ikke i anleggsfilen.',
  OEE_EVENT_UNKNOWN_PRODUCT: 'Produktet finnes ikke i anleggsfilen. Velg et annet, eller få det lagt til.',
  OEE_EVENT_UNKNOWN_STATE: 'Maskinen kjenner ikke denne tilstanden.',
  OEE_HTTP_BUSY: 'Serveren har for mye å gjøre akkurat nå. Prøv igjen om litt.',
  OEE_INTAKE_JOURNAL_AWAY: JOURNAL_AWAY,
  OEE_JOURNAL_AWAY: JOURNAL_AWAY,
  OEE_JOURNAL_DENIED: 'Journalen nekter serveren adgang. Si fra til den som drifter.',
  OEE_JOURNAL_DISK: 'Disken til journalen er full eller i ustand. Ingenting ble lagret: si fra til den som drifter.',
  OEE_JOURNAL_FAULT: 'Journalen avviste dette. Si fra til den som drifter.',
  OEE_JOURNAL_FELL_BACK: 'Journalen mistet sine siste øyeblikk. Meld det på nytt.',
  OEE_JOURNAL_FULL: 'Journalen er full. Ingenting ble lagret: si fra til den som drifter.',
  OEE_JOURNAL_PARTITION: 'Dette finnes ikke i journalen.',
  OEE_JOURNAL_TLS: 'Serveren stoler ikke på journalens sertifikat. Si fra til den som drifter.',
  OEE_JOURNAL_UNREPLICATED: 'Journalen mangler kopiene sine og tar ikke imot noe. Si fra til den som drifter.',
  OEE_QUERY_ALERT_OVER: 'Varselet er over: det er ingenting å ta seg av lenger.',
  OEE_QUERY_NO_ALERT: 'Varselet finnes ikke, eller ikke lenger.',
  OEE_QUERY_NO_PLANT: 'Serveren leser fortsatt inn anlegget. Prøv igjen om litt.',
  OEE_QUERY_SPAN: 'Tidsrommet slutter før det begynner. Velg et annet.',
  OEE_QUERY_TIME: WRONG_QUESTION,
  OEE_QUERY_TOO_LONG: 'Tidsrommet er for langt for ett svar. Velg et kortere.',
  OEE_QUERY_UNKNOWN_RULE: 'Regelen finnes ikke i anleggsfilen.',
  OEE_QUERY_UNKNOWN_UNIT: 'Enheten finnes ikke i anleggsfilen.',
  OEE_QUERY_WINDOW: WRONG_QUESTION,
  OEE_SERVER_FAULT: 'Noe gikk galt på serveren. Si fra til den som drifter, med klokkeslettet.',
  OEE_SERVER_NOT_FOUND: 'Serveren kjenner ikke denne adressen. Last siden på nytt.',
  OEE_SERVER_REQUEST: 'Serveren forstod ikke forespørselen. Kontroller det du skrev inn.',
};

export const TROUBLE_TEXT: Words<typeof english.TROUBLE_TEXT> = {
  away: 'Serveren svarer ikke.',
  wordless: status => `Serveren svarte ${status}, og ikke noe mer.`,
};

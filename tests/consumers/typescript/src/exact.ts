// Amounts keep their digits: JSON numbers are read as `LosslessNumber`, and sent with all their digits.
import { LosslessNumber, parse, stringify } from "lossless-json";

/** A generated type with `LosslessNumber` in place of `number`. */
export type Exact<T> = T extends number
  ? LosslessNumber
  : T extends object
    ? { [Key in keyof T]: Exact<T[Key]> }
    : T;

/** The body of a call with `parseAs: "text"`. `text()` has removed the byte order mark. */
export function exactJson<T>(text: string): Exact<T> {
  return parse(text) as Exact<T>;
}

/** A value for `body` of a client with the serializer below. */
export function exactBody<T>(body: Exact<T>): T {
  return body as T;
}

/** The `bodySerializer` of a client. */
export function exactSerializer(body: unknown): string {
  return stringify(body) ?? "";
}

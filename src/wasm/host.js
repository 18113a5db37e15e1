// What the engine asks of its host. The package that loads the engine hands the functions in.

let host;

export function setHost(functions) {
  host = functions;
}

export function pattern_new(source, sourceLength, flags, flagsLength) {
  return host.pattern_new(source, sourceLength, flags, flagsLength);
}

export function pattern_test(id, text, length) {
  return host.pattern_test(id, text, length);
}

export function parse_float(text, length) {
  return host.parse_float(text, length);
}

export function float_digits(number, into) {
  return host.float_digits(number, into);
}

export function change_case(text, length, upper, into, capacity) {
  return host.change_case(text, length, upper, into, capacity);
}

export function validate(index, length) {
  return host.validate(index, length);
}

export function panicked(text, length) {
  host.panicked(text, length);
}

// The small engine inside the script, the whole one in a script of its own: for browsers and everywhere else.

export const hint = "await ready() first";

export const fastNow = () => undefined;

export const wholeNow = () => undefined;

export const wholeLater = async () => (await import("./inline-whole.js")).load();

package dev.merlon.tests.planted.streams;

/** Has the name of another class. */
final class NamedTwice {
  private NamedTwice() {}
}

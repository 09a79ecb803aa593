package dev.merlon.tests.planted.model.bound.box;

import dev.merlon.tests.planted.model.bound.linear.LineThatKnowsBoxes;

/** With {@link LineThatKnowsBoxes} a cycle inside one part of a module. */
public record BoxThatKnowsLines(LineThatKnowsBoxes line) {}

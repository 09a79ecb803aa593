package dev.merlon.tests.planted.model.bound.linear;

import dev.merlon.tests.planted.model.bound.box.BoxThatKnowsLines;

/** With {@link BoxThatKnowsLines} a cycle inside one part of a module. */
public record LineThatKnowsBoxes(BoxThatKnowsLines box) {}

@NullMarked
package dev.merlon.tests.planted.model.bound.linear;

import org.jspecify.annotations.NullMarked;

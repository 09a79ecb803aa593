@NullMarked
package dev.merlon.tests.planted.model.bound.box;

import org.jspecify.annotations.NullMarked;

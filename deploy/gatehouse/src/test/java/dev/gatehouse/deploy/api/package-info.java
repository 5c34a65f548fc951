@NullMarked
package dev.gatehouse.deploy.api;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.gatehouse.deploy.demo;

import org.jspecify.annotations.NullMarked;

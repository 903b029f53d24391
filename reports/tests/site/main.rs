//! The site as a reader, a browser and an attacker see it.

mod hostile;
mod made;
mod pages;
mod parsed;

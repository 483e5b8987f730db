mod exactly;
mod oddities;
mod spools;

insert into key_made values (2, default, 'two'); 
